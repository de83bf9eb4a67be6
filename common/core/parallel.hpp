#pragma once
/// @file
/// Spine, core. A loop over independent rows, on one thread or several.
#include <cstddef>
#include <memory>
#include <type_traits>

namespace byhand {

/// How many threads parallel_for may use: 1 until set_threads is called. Built without OpenMP it
/// stays 1.
int threads();

/// Sets the number of threads, n >= 1 (0 means one for each processor core). Returns what is now in
/// use.
int set_threads(int n);

/// True when the library was built with OpenMP.
bool has_openmp();

namespace detail {
/// A borrowed function (begin, end): std::function without its allocation, since parallel_for
/// stands in hot code.
class RangeFunction {
 public:
  template <class F>
  RangeFunction(F& f)
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, std::size_t begin, std::size_t end) {
          (*static_cast<std::remove_const_t<F>*>(object))(begin, end);
        }) {}
  void operator()(std::size_t begin, std::size_t end) const { call_(object_, begin, end); }

 private:
  void* object_;
  void (*call_)(void*, std::size_t, std::size_t);
};
void split_over_threads(std::size_t n, std::size_t grain, RangeFunction body);
}  // namespace detail

/// Calls body(begin, end) on pieces that cover [0, n). Each piece is at least `grain` long, so
/// small work stays on one thread.
/// The pieces must be independent; then the result does not depend on the number of threads, up to
/// the last digit: a vectorised exp differs there from the scalar one that ends a piece. Exceptions
/// must not leave the body: on several threads the program would end. Rows should cost about the
/// same: from the first piece it is judged whether threads are worth their while.
/// While other programs keep the other cores busy, the caller does the same pieces one after the
/// other.
template <class F>
void parallel_for(std::size_t n, std::size_t grain, F&& body) {
  if (n <= grain || threads() == 1) {
    if (n) body(std::size_t(0), n);
  } else {
    detail::split_over_threads(n, grain, detail::RangeFunction(body));
  }
}

}  // namespace byhand
