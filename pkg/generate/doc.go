// Package generate provides the command line of a program that generates manifests.
//
// The program is one line:
//
//	generate.Main(system()) // the flags are those of the program: go run . -o manifests
//
// Its test is one line, in package generatetest:
//
//	generatetest.Check(t, system, "-o", "manifests") // fails if the folder is not up to date
//
// A program with its own command line calls Run:
//
//	code := generate.Run(system(), generate.Env{Args: []string{"-o", "manifests"}, Stdout: os.Stdout, Stderr: os.Stderr})
//
// # Flags
//
// The line //go:generate go run . -o manifests in the program makes go generate write the
// folder. Without flags, the program prints one YAML stream. The flags are:
//
//	-o DIR           write one file per object to the folder DIR
//	-pac DIR         write the runs of Pipelines-as-Code to the folder DIR, usually
//	                 .tekton at the root of the repository. Without -pac they are
//	                 only checked; without -o nothing else is written
//	-check           with -o or -pac: write nothing, print how the folders differ, and
//	                 exit with status 1 if one does
//	-format FORMAT   output format: yaml (the default), or json for one List; not with -o
//	-group GROUP     with -o: one file per object (object, the default) or per kind (kind)
//	-kustomization   with -o: add a kustomization.yaml
//	-positions       add comments with the Go position of each object
//	-graph FORMAT    print diagrams of the pipelines instead: mermaid or dot. With -o or
//	                 -pac: write each to a file beside the manifests
//	-secrets         print the declared Secrets instead, with their values from
//	                 environment variables and files; pipe the output into
//	                 kubectl apply -f -. Secrets without a source for their values
//	                 are skipped, with a message on standard error
//	-warnings=false  do not print warnings
//	-notes           print notes as well
//
// The flags add to the [manifest.Layout] of the set. A flag that is given decides:
// -kustomization=false omits a file that the layout of the set has.
//
// Errors, warnings and notes are printed on standard error. Warnings and notes do not
// change the exit status: 0 on success; 1 if the set has errors, if the folder differs, or
// if it contains a file of the same name that was not generated; and 2 if the flags
// are wrong or the output cannot be written, for example because another process is
// writing the folder. If standard error is a terminal, the program shows its progress.
//
// With -o, the file .tekwright-files in the folder lists the generated files. Commit it
// with them. Only files in this list are replaced and removed. The file .tekwright-check
// is for the command tekwright check; see [manifest.Set.WriteDir].
//
// Messages and the diff of -check cannot control a terminal or be commands for a CI
// system, and the diff shows no values of Secrets.
//
// This is the only package of the library that reads the command line and the
// environment, prints, and exits. No other package imports it. A program with its own
// flags uses [Run] or the methods of [manifest.Set].
package generate
