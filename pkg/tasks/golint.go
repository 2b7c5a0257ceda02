package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GoLint runs golangci-lint on Go packages. The source is mounted read-only. The task
// fails if there are issues.
type GoLint struct {
	// Packages lists the packages to check. Default: ./...
	Packages builder.Array
	// Flags are flags of golangci-lint run: builder.Strings("--timeout=10m"). Never use
	// untrusted values. Default: none.
	Flags builder.Array
	// Config is the path of the configuration in Source. Default: the .golangci.yml
	// that golangci-lint finds in Directory, or above it.
	Config builder.String
	// Directory is the directory of the module in Source. Default: Source itself.
	Directory builder.String
	// GOOS is the operating system to check for. Default: that of the image.
	GOOS builder.String
	// GOARCH is the architecture to check for. Default: that of the image.
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

	// Source has the module. What depends on its Git repository, such as
	// --new-from-rev, does not work. Required.
	Source builder.Workspace
	// Cache keeps downloaded modules and results between runs. Concurrent runs can
	// share it. Results cannot be verified, so runs of code that is not trusted need
	// their own: see [CachePath]. Optional.
	Cache builder.Workspace

	// ToolImage is the image of the step. It must have sh, awk, find, realpath, go and
	// golangci-lint 2. Default: the image of the catalogue.
	ToolImage string
}

// Linted is the output of GoLint.
type Linted struct {
	*builder.PipelineTask
	// Source is the source workspace. Tasks that use it run after the check.
	Source builder.Workspace
	// Issues is the number of issues. It is written even if there are any.
	Issues builder.String
}

func (g GoLint) image() choice { return choice{g.ToolImage, golangciImage} }

// TaskName returns go-lint, with a suffix if the image is not the default.
func (g GoLint) TaskName() string { return named("go-lint", g.image()) }

// Define declares the task.
func (g GoLint) Define(t *builder.Task) Linted {
	t.Describe("Runs golangci-lint on Go packages.")
	source := t.Workspace("source", g.Source, builder.ReadOnly(), builder.Describe("the module"))
	issues := t.Result("issues", builder.Describe("number of issues"))

	s := toolchain{g.Directory, g.GOOS, g.GOARCH, g.CGO, g.Proxy, g.Private, g.SumDB, g.Cache}.
		step(t, "lint", g.image().image()).
		Env("CONFIG", t.Param("config", g.Config, builder.Default(""),
			builder.Describe("path of the configuration in the source; empty to look for it")))
	flags := t.ArrayParam("flags", g.Flags, builder.DefaultArray(), builder.Describe("flags of golangci-lint run"))
	packages := t.ArrayParam("packages", g.Packages, builder.DefaultArray("./..."), builder.Describe("packages to check"))

	s.Env("SOURCE", source.PathValue()).
		Env("RESULT_ISSUES", issues.PathValue()).
		Args(flags.All(), next, packages.All()).
		Script(goLintScript)
	return Linted{t.PipelineTask(), source.Value(), issues.Value()}
}
