#include "app/settings/application.h"

namespace saseo::app {

ReadOptions Application::read_options(const std::string& password) const {
  ReadOptions options;
  options.password = password;
  options.pdf_helper = config.pdf_helper.value;
  return options;
}

void Application::warn(const std::string& text) const {
  if (listener != nullptr) listener->warn(text);
}

}  // namespace saseo::app
