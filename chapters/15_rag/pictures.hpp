#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/15_rag/measure/evaluate.hpp"
#include "chapters/15_rag/measure/speed.hpp"
#include "common/plot/figure.hpp"

namespace rag {

/// recall@1 and recall@5 of each retriever, as bars. The title says who finds most and least.
byhand::plot::Figure recall_figure(const Retrievers& retrievers, const std::vector<Score>& scores);

/// The two recalls of each retriever, as bars.
byhand::plot::Figure wordings_figure(const Wordings& measured);

/// Passages of pages, one colour a page, where their vectors lie: t-SNE of (passages, width). Pages
/// with fewer than 5 passages are left out, and Korean ones; of the 8 largest at most 60 passages
/// each are shown.
byhand::plot::Figure map_figure(const std::vector<Passage>& passages, const byhand::Array& vectors,
                                byhand::Generator& generator);

/// Milliseconds a query against the number of vectors, and the graph's recall.
byhand::plot::Figure speed_figure(const std::vector<Measured>& measured);

}  // namespace rag
