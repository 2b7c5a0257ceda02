// Package pac reads a .tekton folder as Pipelines-as-Code v0.50 does: its files, the
// expansion of {{ }}, the documents, and the references between them. It reports the
// errors that Pipelines-as-Code reports, and what they stop.
//
// The steps are those of the controller. [Load] joins the files and checks the first
// document of each. [Folder.Read] replaces the variables and decodes the documents.
// [Objects.Resolve] makes the runs self-contained, and [Resolved.Finish] replaces the
// variables once more, in the JSON of the run. The tests in test/pac hold each of them
// against the code of Pipelines-as-Code.
package pac
