#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/15_rag/evaluate.hpp"
#include "chapters/15_rag/measure.hpp"
#include "common/plot/figure.hpp"

namespace rag {

/// recall@1 and recall@5 of each retriever, as bars.
byhand::plot::Figure recall_figure(const Retrievers& retrievers, const std::vector<Score>& scores, const std::string& title);

/// Passages of pages, one colour a page, where their vectors lie: t-SNE of (passages, width). Pages with fewer than 5 passages are left
/// out, the 8 largest shown.
byhand::plot::Figure map_figure(const std::vector<Passage>& passages, const byhand::Array& vectors, byhand::Generator& generator);

/// Milliseconds a query against the number of vectors, and the graph's recall.
byhand::plot::Figure speed_figure(const std::vector<Measured>& measured);

}  // namespace rag
