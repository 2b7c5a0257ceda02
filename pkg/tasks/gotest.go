package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GoTest runs the tests of Go packages. The source is mounted read-only.
type GoTest struct {
	// Packages lists the packages to test. Default: ./...
	Packages builder.Array
	// Flags are flags of go test: builder.Strings("-v", "-run=TestX"). Never use
	// untrusted values: some flags run programs. Default: none.
	Flags builder.Array
	// Race controls whether to enable the race detector, which requires CGO. Default:
	// "false".
	Race builder.String
	// Copy controls whether to test a copy of the source, for tests that write to their
	// directory. Default: "false".
	Copy builder.String
	// Directory is the directory of the module in Source. Default: Source itself.
	Directory builder.String
	// GOOS is the operating system to test for. Default: that of the image.
	GOOS builder.String
	// GOARCH is the architecture to test for. Default: that of the image.
	GOARCH builder.String
	// CGO is "0" or "1" (CGO_ENABLED). Default: "0".
	CGO builder.String
	// Proxy is the module proxy (GOPROXY). Default: that of the image.
	Proxy builder.String
	// Private lists modules that are fetched directly from their repositories and
	// are not verified (GOPRIVATE). Default: none.
	Private builder.String
	// SumDB is the checksum database (GOSUMDB); "off" disables verification.
	// Default: that of the image.
	SumDB builder.String

	// Source has the module. Required.
	Source builder.Workspace
	// Cache keeps downloaded modules and build results between runs. Concurrent runs
	// can share it. Build results cannot be verified, so runs of code that is not
	// trusted need their own: see [CachePath]. Optional.
	Cache builder.Workspace

	// ToolImage is the image of the step. It must have sh, awk, find, realpath, go,
	// and, for CGO, a C compiler. Default: the image of the catalogue.
	ToolImage string
}

// Tested is the output of GoTest.
type Tested struct {
	*builder.PipelineTask
	// Source is the source workspace. Tasks that use it run after the tests have
	// passed.
	Source builder.Workspace
	// Coverage is the percentage of statements that the tests cover: "87.5". It is
	// written even if tests fail.
	Coverage builder.String
}

func (g GoTest) image() choice { return choice{g.ToolImage, goImage} }

// TaskName returns go-test, with a suffix if the image is not the default.
func (g GoTest) TaskName() string { return named("go-test", g.image()) }

// Define declares the task.
func (g GoTest) Define(t *builder.Task) Tested {
	t.Describe("Runs the tests of Go packages.")
	source := t.Workspace("source", g.Source, builder.ReadOnly(), builder.Describe("the module"))
	coverage := t.Result("coverage", builder.Describe("percentage of statements that the tests cover"))

	s := toolchain{g.Directory, g.GOOS, g.GOARCH, g.CGO, g.Proxy, g.Private, g.SumDB, g.Cache}.
		step(t, "test", g.image().image()).
		Env("RACE", t.Param("race", g.Race, builder.Default("false"),
			builder.Describe("true to enable the race detector"))).
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
