// Lint compares how tekwright, Tekton's own webhook code and tekton-lint find
// defects in YAML.
//
//	npm install --prefix "$DIR" @ibm/tekton-lint@1.1.0
//	go run . -tekton-lint "$DIR/node_modules/.bin/tekton-lint"
//
// Each file in defects/ has one defect. The comment "# good:" on the line at
// fault contains the correct line; it is empty if the line should be removed. A
// tool finds the defect if it reports something about the file that it does not
// report about the corrected one.
package main
