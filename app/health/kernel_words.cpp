#include "app/health/kernel_words.h"

#include "base/message.h"
#include "engine/kernels/matmul.h"

namespace saseo::app {

std::string runnable_kernel_names() {
  std::string names;
  for (const SaseoMatmulKernels* kernels : runnable_matmul_kernels()) {
    if (!names.empty()) names += ", ";
    names += kernels->name;
  }
  return names;
}

std::string refused_kernels_message() {
  if (refused_kernels().empty()) return "";
  return say(
      "SASEO_KERNELS={} names no kernels that this processor can run ({}); {} are in force. Unset "
      "it or choose one of those",
      "SASEO_KERNELS={}에 맞는 커널 중 이 프로세서에서 실행할 수 있는 것이 없습니다(실행 가능: "
      "{}). "
      "지금은 {} 커널을 씁니다. 변수를 지우거나 이 중에서 고르세요",
      refused_kernels(), runnable_kernel_names(), matmul_kernels().name);
}

}  // namespace saseo::app
