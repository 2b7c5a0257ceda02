package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// GoBuild builds Go programs in the source workspace, with -trimpath.
type GoBuild struct {
	// Packages lists the packages to build. Default: the package in Directory.
	Packages builder.Array
	// Flags are flags of go build: builder.Strings("-v", "-tags=netgo"). Never use
	// untrusted values: some flags run programs. So does -buildvcs=true, which runs
	// the commands in the configuration of the Git repository in Source. Default:
	// none.
	Flags builder.Array
	// LDFlags are flags of the linker: "-s -w -X main.commit=" + clone.Commit. The
	// commit is not recorded otherwise. Default: none.
	LDFlags builder.String
	// Output is the path of the program, relative to Directory. A path that ends in
	// a slash is a directory for all programs of Packages. Default: "bin/".
	Output builder.String
	// Directory is the directory of the module in Source. Default: Source itself.
	Directory builder.String
	// GOOS is the operating system to build for. Default: that of the image.
	GOOS builder.String
	// GOARCH is the architecture to build for. Default: that of the image.
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

	// Source has the module; the program is written to it. Required.
	Source builder.Workspace
	// Cache keeps downloaded modules and build results between runs. Concurrent runs
	// can share it. Build results cannot be verified, so runs of code that is not
	// trusted need their own: see [CachePath]. Optional.
	Cache builder.Workspace

	// ToolImage is the image of the step. It must have sh, find, realpath, go, and, for
	// CGO, a C compiler. Default: the image of the catalogue.
	ToolImage string
}

// Built is the output of GoBuild.
type Built struct {
	*builder.PipelineTask
	// Source is the source workspace with the program.
	Source builder.Workspace
	// Binary is the path of the program in Source or, if there are several programs,
	// of their directory.
	Binary builder.String
}

func (g GoBuild) image() choice { return choice{g.ToolImage, goImage} }

// TaskName returns go-build, with a suffix if the image is not the default.
func (g GoBuild) TaskName() string { return named("go-build", g.image()) }

// Define declares the task.
func (g GoBuild) Define(t *builder.Task) Built {
	t.Describe("Builds Go programs in the source workspace.")
	source := t.Workspace("source", g.Source, builder.Describe("the module; the program is written to it"))
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
