// Command lint compares what is found in YAML with a defect: by tekwright, by
// Tekton's own webhook code, and by tekton-lint.
//
//	npm install --prefix "$DIR" @ibm/tekton-lint@1.1.0
//	go run . -tekton-lint "$DIR/node_modules/.bin/tekton-lint"
//
// Each file of defects/ holds one defect. The comment "# good:" in the line at
// fault says what the line should be; nothing means that it should not be
// there. A tool finds the defect if it says something about the file that it
// does not say about the mended one.
package main
