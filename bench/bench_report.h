// What a bench measured: series of repetitions, as a table for people and as JSON for scripts.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace saseo::bench {

// Of an even number of values the mean of the middle two; 0 of none.
double median_of(std::vector<double> values);

// Thread-compatible.
class BenchReport {
 public:
  // A property of the run: machine, model, options; shown in the order of the calls.
  void describe(const std::string& name, const std::string& value);
  // One more repetition of the series of this name; units are those of its first.
  void add(const std::string& name, const std::string& unit, double value);

  // Properties, then a line a series: name, median, smallest to largest, unit, repetitions.
  std::string table() const;
  // {"machine": {...}, "series": [{"name", "unit", "median", "min", "max", "values"}]}
  std::string json() const;

 private:
  struct Series {
    std::string name, unit;
    std::vector<double> values;
  };
  std::vector<std::pair<std::string, std::string>> properties_;
  std::vector<Series> series_;
};

}  // namespace saseo::bench
