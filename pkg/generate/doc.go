// Package generate makes a command of a program that describes manifests.
//
//	//go:generate go run . -o manifests
//
//	func main() { generate.Main(set()) }
//
// The program then understands
//
//	-o DIR           write a file per object into the folder, in place of one stream
//	-check           with -o: change nothing, print how the folder differs, exit 1 if it does
//	-format FORMAT   yaml (the default) or json: one List, not with -o
//	-group GROUP     with -o: object (the default), or kind for a file per kind
//	-kustomization   with -o: add a kustomization.yaml
//	-places          comment each object with the Go place that asked for it
//	-graph FORMAT    print pictures of the pipelines instead: mermaid or dot
//	-secrets         print the declared Secrets with their values instead, from
//	                 the environment variables and files that they name: pipe
//	                 it into kubectl apply -f -; those that name none are left
//	                 out, with a line on the error output
//	-warnings        print warnings and notes as well
//
// It exits with 0 if all went well; with 1 if the set has errors, or the folder
// differs or holds a file of somebody else in the way; with 2 if it was called
// wrongly or could not write. Long work shows
// a line of progress if the error output is a terminal.
//
// This is the one package of the library that reads the arguments and the
// environment, prints and exits: it is the frame of a program, and nothing in
// the library imports it. A program with flags of its own calls [Run], or the
// methods of [manifest.Set].
package generate
