// Package vet defines an [Analyzer] that reports Go code that treats a handle of
// package builder as its value.
//
// A handle, such as a builder.String, holds a variable like
// $(params.repo). Tekton replaces it when the pipeline runs. Go code that looks at
// the handle sees the variable instead of the value, and compiles:
//
//	if repo == "main" { ... } // always false
//
// Neither the compiler nor Build can report that. Run the Analyzer with go vet, or
// standalone, in a clone of the repository:
//
//	(cd vet && go install ./cmd/tekwright-vet)
//	go vet -vettool=$(which tekwright-vet) ./...
//	tekwright-vet ./...
//
// Package golangci is a plugin for golangci-lint. docs/vet.md in the repository
// lists what is reported, with examples.
//
// # What is reported
//
// Each diagnostic has one of these categories:
//
//   - compare: ==, !=, <, switch, map keys, slices.Contains and the like
//   - look-inside: len, indexing, slicing, range, and functions that read a string,
//     such as strings.Split or url.Parse
//   - hash: hashes and encodings, such as sha256.Sum256
//   - print: fmt.Println, package log, package log/slog
//   - format: verbs of package fmt that change a string, such as %q or %.7s
//   - scope: builder.TaskString(x) of a builder.String, and the reverse
//   - unused: a call such as repo.In("main") as a statement
//
// # What is not reported
//
// A comparison with "" or builder.Empty asks whether an input was given. Texts are
// joined with +, with %s and %v, with strings.Join and strings.ReplaceAll. A value
// that the package itself sets to text, such as an entry in a table of names, is not
// a reference. In _test.go files only scope and unused are reported: a test may look
// at the text of a handle on purpose. A comment //tekwright:ignore with a reason, on
// the same line or on the one before, silences the analyzer.
//
// The analyzer follows a value through variables, and through the fields and the
// parameters of what a package does not export. It does not follow a handle that
// becomes a plain string in another function, an interface value, or a type
// parameter.
package vet
