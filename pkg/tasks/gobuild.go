package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GoBuild builds Go programs into the source workspace, without the paths of
// the machine that built them (-trimpath).
type GoBuild struct {
	// Packages to build. Default: the one in Directory.
	Packages builder.Array
	// Flags of go build: builder.Strings("-v", "-tags=netgo"). They are trusted:
	// some run programs. Default: none.
	Flags builder.Array
	// LDFlags are the linker's: "-s -w -X main.version=1.2". Default: none.
	LDFlags builder.String
	// Output is where the program goes, below Directory. A path that ends in a
	// slash is a directory that takes every program of Packages, each under its
	// own name. Default: "bin/".
	Output builder.String
	// Directory of Source that holds the module. Default: Source itself.
	Directory builder.String
	// GOOS to build for. Default: the image's.
	GOOS builder.String
	// GOARCH to build for. Default: the image's.
	GOARCH builder.String
	// CGO is "0" or "1". Default: "0".
	CGO builder.String
	// Proxy is where modules come from (GOPROXY). Default: the image's.
	Proxy builder.String
	// Private lists the modules that are fetched from their repositories and
	// checked against nothing (GOPRIVATE). Default: none.
	Private builder.String
	// SumDB checks modules (GOSUMDB); "off" checks none. Default: the image's.
	SumDB builder.String

	// Source holds the module and takes the program. Required.
	Source builder.Workspace
	// Cache keeps modules and builds from run to run; runs may share it.
	// Optional.
	Cache builder.Workspace

	// ToolImage runs the script: sh, go, and a C compiler for CGO. Default: the
	// catalogue's.
	ToolImage string
}

// Built is what GoBuild leaves behind.
type Built struct {
	*builder.PipelineTask
	// Source is the source with the program in it.
	Source builder.Workspace
	// Binary is the path of the program in Source; with several, of the
	// directory that they are in.
	Binary builder.String
}

func (g GoBuild) image() choice { return choice{g.ToolImage, goImage} }

// TaskName is go-build, with a suffix for another ToolImage.
func (g GoBuild) TaskName() string { return named("go-build", g.image()) }

// Define declares the task.
func (g GoBuild) Define(t *builder.Task) Built {
	t.Describe("Builds Go programs into the source workspace.")
	source := t.Workspace("source", g.Source, builder.Describe("holds the module, takes the program"))
	binary := t.Result("binary", builder.Describe("path of the program in the source"))

	s := toolchain{g.Directory, g.GOOS, g.GOARCH, g.CGO, g.Proxy, g.Private, g.SumDB, g.Cache}.
		step(t, "build", g.image().image()).
		Env("LDFLAGS", t.Param("ldflags", g.LDFlags, builder.Default(""),
			builder.Describe("flags of the linker"))).
		Env("OUTPUT", t.Param("output", g.Output, builder.Default("bin/"),
			builder.Describe("path of the program; a directory if it ends in a slash")))
	flags := t.ArrayParam("flags", g.Flags, builder.DefaultArray(), builder.Describe("flags of go build"))
	packages := t.ArrayParam("packages", g.Packages, builder.DefaultArray("."), builder.Describe("packages to build"))

	s.Env("SOURCE", source.PathValue()).
		Env("RESULT_BINARY", binary.PathValue()).
		Args(flags.All(), next, packages.All()).
		Script(goBuildScript)
	return Built{t.PipelineTask(), source.Value(), binary.Value()}
}
