// The second half of `./byhand doctor`: what the library was built with, which BLAS answers, and how fast it multiplies.
// Prints lines of [ok], [slow] or [missing]; what can be mended ends with how. Always exits 0 unless something throws.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/core/generator.hpp"
#include "common/core/parallel.hpp"
#include "common/system/process.hpp"
#include "common/tensor/array.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"

namespace {

using byhand::Array;

void line(std::string_view state, std::string_view what, std::string_view value) {
  fmt::print("{:<9} {:<14} {}\n", fmt::format("[{}]", state), what, value);
}

/// The BLAS in this process: its name and kernels, and whether it is one that is known to be slow.
struct Blas {
  std::string name;
  bool slow = false;
};

/// Looked up by name at run time, since the same program may meet another BLAS on another machine (Debian's alternatives).
template <class Function>
Function* symbol(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

Blas find_blas() {
#ifdef XTENSOR_USE_FLENS_BLAS
  return {"none; the loops of xtensor-blas multiply. Debian: libopenblas-dev", true};
#else
  if (auto* config = symbol<char*()>("openblas_get_config")) {
    auto* core = symbol<char*()>("openblas_get_corename");
    std::string version = config();  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..."
    version = version.substr(0, version.find(' ', version.find(' ') + 1));
    return {fmt::format("{}, {} kernels", version, core ? core() : "unknown"), false};
  }
  if (symbol<void()>("mkl_get_version")) return {"Intel MKL", false};
  if (symbol<char*()>("bli_info_get_version_str")) return {fmt::format("BLIS {}", symbol<char*()>("bli_info_get_version_str")()), false};
  Dl_info file{};
  void* sgemm = dlsym(RTLD_DEFAULT, "sgemm_");
  if (!sgemm || !dladdr(sgemm, &file) || !file.dli_fname) return {"unknown", false};
  const std::string library = std::filesystem::path(file.dli_fname).filename().string();
  if (library.starts_with("libblas.")) return {fmt::format("the reference BLAS ({}). Debian: libopenblas-dev", library), true};
  return {fmt::format("unknown ({})", library), false};
#endif
}

/// Floating-point operations a second, in 10^9, of a 512 x 512 product: the best of as many as fit into 0.3 s.
double gflops() {
  constexpr std::size_t n = 512;
  byhand::Generator generator{42};
  const Array a = byhand::randn({n, n}, generator), b = byhand::randn({n, n}, generator);
  using Clock = std::chrono::steady_clock;
  double best = 1e30, total = 0;
  for (int run = 0; run < 3 || total < 0.3; ++run) {
    const auto start = Clock::now();
    const Array c = byhand::matmul(a, b);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (c.size() != n * n) byhand::fail("matmul: a 512 x 512 product has {} elements", c.size());
    if (run > 0) best = std::min(best, seconds);  // the first one also starts threads and touches memory
    total += seconds;
  }
  return 2.0 * n * n * n / best / 1e9;
}

void report_compiler() {
#if defined(__clang__)
  const std::string compiler = fmt::format("clang++ {}.{}", __clang_major__, __clang_minor__);
#elif defined(__GNUC__)
  const std::string compiler = fmt::format("g++ {}.{}", __GNUC__, __GNUC_MINOR__);
#else
  const std::string compiler = "unknown compiler";
#endif
#ifdef __AVX2__
  constexpr std::string_view target = "AVX2 and FMA";
#else
  constexpr std::string_view target = "any processor of this kind";
#endif
  line(__cplusplus >= 202002L ? "ok" : "missing", "C++20",
       fmt::format("__cplusplus = {}, {}, built for {}", __cplusplus, compiler, target));
}

void report_xtensor() {
#if __has_include(<xtensor/containers/xarray.hpp>)
  constexpr std::string_view layout = "headers in folders (0.26 and later)";
#else
  constexpr std::string_view layout = "headers side by side (before 0.26)";
#endif
  line("ok", "xtensor", fmt::format("{}.{}.{}, {}", XTENSOR_VERSION_MAJOR, XTENSOR_VERSION_MINOR, XTENSOR_VERSION_PATCH, layout));
}

void report_speed() {
  const Blas blas = find_blas();
  line(blas.slow ? "slow" : "ok", "BLAS", blas.name);
  line("ok", "oneDNN",
       symbol<void()>("dnnl_version") ? "multiplies large matrices"
                                      : "not used; with it (Debian: libdnnl-dev) large products are up to a fifth faster");
  constexpr double enough = 10;  // a current core does 50 to 150; the reference BLAS 2 to 8
  byhand::set_threads(1);
  const double one = gflops();
  line(one < enough ? "slow" : "ok", "matmul", fmt::format("{:.1f} GFLOP/s on 1 thread (512 x 512, float)", one));
  const int threads = byhand::set_threads(0);
  if (threads > 1) line("ok", "matmul", fmt::format("{:.1f} GFLOP/s on {} threads", gflops(), threads));
  if (one < enough && !blas.slow) {
    line("slow", "matmul",
         fmt::format("below {} GFLOP/s: a busy machine, a debug build, or a BLAS without kernels for this processor", enough));
  }
  line(byhand::has_openmp() ? "ok" : "missing", "OpenMP",
       byhand::has_openmp() ? fmt::format("yes, {} threads", threads) : "no: built without it, loops run on one thread");
}

}  // namespace

int main() {
  try {
    byhand::start_process();
    report_compiler();
    report_xtensor();
    report_speed();
  } catch (const std::exception& error) {
    fmt::print(stderr, "doctor: {}\n", error.what());
    return 1;
  }
}
