// Package graph orders named nodes by edges that say "x runs after y".
//
// It knows nothing of Tekton. The checker asks it for cycles and for what is
// ordered before what; the builder asks it which wanted edges are still needed
// once the edges that exist anyway are counted.
//
// # Rules
//
//   - A node is its name. Naming it again changes nothing; an edge declares
//     both of its nodes.
//   - The order of declaration decides wherever the edges leave a choice, so
//     every answer is the same on every run.
//   - Nothing panics: an unknown name has no edges, a nil *Graph has no nodes.
//   - Cost is linear in nodes and edges, but for reachability, which keeps one
//     bit for each pair of nodes: 12 MB and a few milliseconds for 10,000 nodes.
//   - A Graph is for one goroutine at a time.
package graph
