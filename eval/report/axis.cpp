#include "eval/report/axis.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace saseo::eval {
namespace {

// 1, 2 or 5 times a power of ten, so that the range has about five steps.
double round_step(double range) {
  const double rough = range / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double multiple : {1.0, 2.0, 5.0}) {
    if (rough <= multiple * power) return multiple * power;
  }
  return 10 * power;
}

std::vector<double> even_marks(double least, double most) {
  std::vector<double> marks;
  const double step = round_step(most - least);
  for (double k = std::ceil(least / step - 1e-9); k * step <= most + step * 1e-9; ++k) {
    marks.push_back(k * step);
  }
  return marks;
}

std::vector<double> logarithmic_marks(double least, double most) {
  std::vector<double> marks;
  const double decades = std::log10(most / least);
  for (double power = std::floor(std::log10(least)); power <= std::log10(most); ++power) {
    for (const double multiple : {1.0, 2.0, 5.0}) {
      if (decades > 3 && multiple > 1) break;
      const double mark = multiple * std::pow(10, power);
      if (mark >= least * (1 - 1e-9) && mark <= most * (1 + 1e-9)) marks.push_back(mark);
    }
  }
  return marks;
}

}  // namespace

Axis::Axis(double least, double most, double from, double to, bool logarithmic)
    : least_(least), most_(most), from_(from), to_(to), logarithmic_(logarithmic && least > 0) {
  if (!(most_ - least_ > std::abs(least_) * 1e-9)) {
    most_ = least_ + (least_ == 0 ? 1 : std::abs(least_));
  }
  marks_ = logarithmic_ ? logarithmic_marks(least_, most_) : even_marks(least_, most_);
}

double Axis::place(double value) const {
  const double clamped = std::clamp(value, least_, most_);
  const double share = logarithmic_ ? std::log(clamped / least_) / std::log(most_ / least_)
                                    : (clamped - least_) / (most_ - least_);
  return from_ + share * (to_ - from_);
}

}  // namespace saseo::eval
