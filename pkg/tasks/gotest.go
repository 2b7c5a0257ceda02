package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GoTest runs the tests of Go packages. It only reads the source.
type GoTest struct {
	// Packages to test. Default: ./...
	Packages builder.Array
	// Flags of go test: builder.Strings("-v", "-run=TestX"). They are trusted:
	// some run programs. Default: none.
	Flags builder.Array
	// Race says whether to look for data races, which takes CGO. Default:
	// "false".
	Race builder.String
	// Copy says whether to test a copy of the source, for tests that write
	// beside their files. Default: "false".
	Copy builder.String
	// Directory of Source that holds the module. Default: Source itself.
	Directory builder.String
	// GOOS to test for. Default: the image's.
	GOOS builder.String
	// GOARCH to test for. Default: the image's.
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

	// Source holds the module. Required.
	Source builder.Workspace
	// Cache keeps modules and builds from run to run; runs may share it.
	// Optional.
	Cache builder.Workspace

	// ToolImage runs the script: sh, awk, go, and a C compiler for CGO.
	// Default: the catalogue's.
	ToolImage string
}

// Tested is what GoTest leaves behind.
type Tested struct {
	*builder.PipelineTask
	// Source is the source, once its tests have passed.
	Source builder.Workspace
	// Coverage is the share of statements that the tests run, in percent:
	// "87.5". It is written whenever the tests ran, also if they failed.
	Coverage builder.String
}

func (g GoTest) image() choice { return choice{g.ToolImage, goImage} }

// TaskName is go-test, with a suffix for another ToolImage.
func (g GoTest) TaskName() string { return named("go-test", g.image()) }

// Define declares the task.
func (g GoTest) Define(t *builder.Task) Tested {
	t.Describe("Runs the tests of Go packages.")
	source := t.Workspace("source", g.Source, builder.ReadOnly(), builder.Describe("holds the module"))
	coverage := t.Result("coverage", builder.Describe("statements that the tests run, in percent"))

	s := toolchain{g.Directory, g.GOOS, g.GOARCH, g.CGO, g.Proxy, g.Private, g.SumDB, g.Cache}.
		step(t, "test", g.image().image()).
		Env("RACE", t.Param("race", g.Race, builder.Default("false"),
			builder.Describe("true to look for data races"))).
		Env("COPY", t.Param("copy", g.Copy, builder.Default("false"),
			builder.Describe("true to test a copy of the source")))
	flags := t.ArrayParam("flags", g.Flags, builder.DefaultArray(), builder.Describe("flags of go test"))
	packages := t.ArrayParam("packages", g.Packages, builder.DefaultArray("./..."), builder.Describe("packages to test"))

	s.Env("SOURCE", source.PathValue()).
		Env("RESULT_COVERAGE", coverage.PathValue()).
		Args(flags.All(), next, packages.All()).
		Script(goTestScript)
	return Tested{t.PipelineTask(), source.Value(), coverage.Value()}
}
