// Axes of charts: from values to places, with round marks.
#pragma once

#include <vector>

namespace saseo::eval {

// Immutable.
class Axis {
 public:
  // Covers least to most (finite; widened when equal), drawn from `from` to `to` in the chart's
  // units. Logarithmic only when least > 0.
  Axis(double least, double most, double from, double to, bool logarithmic = false);

  double place(double value) const;  // Clamped to the axis.
  // Round values within the axis: 3 to 8 of them.
  const std::vector<double>& marks() const { return marks_; }

 private:
  double least_, most_, from_, to_;
  bool logarithmic_;
  std::vector<double> marks_;
};

}  // namespace saseo::eval
