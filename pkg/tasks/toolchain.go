package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// toolchain is the inputs that all tasks that run the go command have.
type toolchain struct {
	directory, goos, goarch, cgo, proxy, private, sumDB builder.String
	cache                                               builder.Workspace
}

// step adds a step with these inputs in its environment.
func (c toolchain) step(t *builder.Task, name string, image builder.TaskString) *builder.Step {
	cache := t.Workspace("cache", c.cache, builder.Optional(), builder.Concurrent(),
		builder.Describe("modules and build results, kept between runs"))
	s := t.Step(name).Image(image).
		Requests("500m", "512Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("DIRECTORY", t.Param("directory", c.directory, builder.Default(""),
			builder.Describe("directory of the source to work in"))).
		Env("TARGET_OS", t.Param("goos", c.goos, builder.Default(""),
			builder.Describe("GOOS; empty for that of the image"))).
		Env("TARGET_ARCH", t.Param("goarch", c.goarch, builder.Default(""),
			builder.Describe("GOARCH; empty for that of the image"))).
		Env("CGO", t.Param("cgo", c.cgo, builder.Default("0"),
			builder.Describe("CGO_ENABLED: 0 or 1"))).
		Env("MODULE_PROXY", t.Param("proxy", c.proxy, builder.Default(""),
			builder.Describe("GOPROXY; empty for that of the image"))).
		Env("PRIVATE_MODULES", t.Param("private", c.private, builder.Default(""),
			builder.Describe("GOPRIVATE; empty for that of the image"))).
		Env("SUM_DATABASE", t.Param("sumdb", c.sumDB, builder.Default(""),
			builder.Describe("GOSUMDB; off to disable verification, empty for that of the image")))
	bind(s, "CACHE", cache)
	return s
}
