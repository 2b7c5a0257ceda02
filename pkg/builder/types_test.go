package builder_test

import "github.com/tekwright/tekwright/pkg/builder"

// Task types for the tests of this package.

const image = "registry.local/tool:1.2"

// Clone outputs a workspace, and results of every type.
type Clone struct {
	URL    builder.String // required
	Ref    builder.String
	Flags  builder.Array
	Place  builder.Object
	Output builder.Workspace // required
}

type Cloned struct {
	*builder.PipelineTask
	Source builder.Workspace
	Commit builder.String
	Files  builder.Array
	Author builder.Object
}

func (Clone) TaskName() string { return "clone" }

func (c Clone) Define(t *builder.Task) Cloned {
	url := t.Param("url", c.URL, builder.Describe("what to clone")) // want Clone.url
	ref := t.Param("ref", c.Ref, builder.Default("main"))
	flags := t.ArrayParam("flags", c.Flags, builder.DefaultArray())
	place := t.ObjectParam("place", c.Place, []string{"host", "path"},
		builder.DefaultObject(map[string]string{"host": "localhost", "path": "/"}))
	out := t.Workspace("output", c.Output) // want Clone.output
	commit, files := t.Result("commit"), t.ArrayResult("files")
	author := t.ObjectResult("author", []string{"name", "mail"})
	t.Step("clone").Image(image).WorkingDir(out.PathValue()).
		Env("URL", url).Env("REF", ref).Env("HOST", place.Key("host")).Env("DIR", place.Key("path")).
		Args(flags.All()).
		Script(`git clone "$@" "$URL" > ` + commit.Path() + "; ls > " + files.Path() + "; who > " + author.Path())
	return Cloned{t.PipelineTask(), out.Value(), commit.Value(), files.Value(), author.Value()}
}

// Conv has a string input, a string result and an array result.
type Conv struct{ Key builder.String } // required

type ConvOut struct {
	*builder.PipelineTask
	Part  builder.String
	Parts builder.Array
}

func (Conv) TaskName() string { return "conv" }

func (c Conv) Define(t *builder.Task) ConvOut {
	key, part, parts := t.Param("key", c.Key), t.Result("part"), t.ArrayResult("parts") // want Conv.key
	t.Step("convert").Image(image).Env("KEY", key).Script(`convert "$KEY" > ` + part.Path() + "; ls > " + parts.Path())
	return ConvOut{t.PipelineTask(), part.Value(), parts.Value()}
}

// Join has an array input and an object input.
type Join struct {
	Items builder.Array
	About builder.Object
}

type Joined struct {
	*builder.PipelineTask
	Text builder.String
}

func (Join) TaskName() string { return "join" }

func (j Join) Define(t *builder.Task) Joined {
	items := t.ArrayParam("items", j.Items, builder.DefaultArray())
	about := t.ObjectParam("about", j.About, []string{"name", "mail"},
		builder.DefaultObject(map[string]string{"name": "", "mail": ""}))
	text := t.Result("text")
	t.Step("join").Image(image).Env("NAME", about.Key("name")).Args(items.All()).Script(`join "$@" > ` + text.Path())
	return Joined{t.PipelineTask(), text.Value()}
}

// Edit writes to a workspace, Read only reads it, and Cache mounts it Concurrent.
type (
	Edit  struct{ Dir builder.Workspace }
	Read  struct{ Dir builder.Workspace }
	Cache struct{ Dir builder.Workspace }
)

// Edited is the output of Edit.
type Edited struct {
	*builder.PipelineTask
	Dir builder.Workspace
}

func (Edit) TaskName() string  { return "edit" }
func (Read) TaskName() string  { return "read" }
func (Cache) TaskName() string { return "cache" }

func (e Edit) Define(t *builder.Task) Edited {
	dir := t.Workspace("dir", e.Dir) // want Edit.dir
	t.Step("edit").Image(image).WorkingDir(dir.PathValue()).Script("touch x")
	return Edited{t.PipelineTask(), dir.Value()}
}

func (r Read) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("read").Image(image).WorkingDir(t.Workspace("dir", r.Dir, builder.ReadOnly()).PathValue()).Script("cat x")
	return t.PipelineTask()
}

func (c Cache) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("build").Image(image).WorkingDir(t.Workspace("dir", c.Dir, builder.Concurrent()).PathValue()).Script("make")
	return t.PipelineTask()
}

// body is a task type made of a function.
type body func(t *builder.Task)

func (body) TaskName() string { return "body" }

func (b body) Define(t *builder.Task) *builder.PipelineTask {
	b(t)
	return t.PipelineTask()
}

// action is a StepAction made of a function.
type action func(a *builder.StepAction)

func (action) StepActionName() string { return "action" }

func (f action) Define(a *builder.StepAction) *builder.Step {
	f(a)
	return a.Step()
}

// Pair has two required inputs.
type Pair struct{ Left, Right builder.String }

func (Pair) TaskName() string { return "pair" }

func (p Pair) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("pair").Image(image).Env("L", t.Param("left", p.Left)).Env("R", t.Param("right", p.Right)) // want Pair.right
	return t.PipelineTask()
}

// Mix has a string input and an array input.
type Mix struct {
	Key   builder.String
	Items builder.Array
}

func (Mix) TaskName() string { return "mix" }

func (m Mix) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("mix").Image(image).Env("KEY", t.Param("key", m.Key)).
		Args(t.ArrayParam("items", m.Items, builder.DefaultArray()).All())
	return t.PipelineTask()
}

// Other has the name of Tool but a different definition.
type Other struct{}

func (Other) TaskName() string { return "tool" }

func (Other) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("other").Image(image)
	return t.PipelineTask()
}

// Remote is a remote task.
type Remote struct{ From builder.Resolver }

func (Remote) TaskName() string { return "remote" }

func (r Remote) Define(t *builder.Task) *builder.PipelineTask {
	t.From(r.From)
	return t.PipelineTask()
}

// UnsetPart leaves an output unset that other tasks require.
type UnsetPart struct{}

func (UnsetPart) TaskName() string { return "unset-part" }

func (UnsetPart) Define(t *builder.Task) ConvOut {
	t.Step("s").Image(image)
	return ConvOut{PipelineTask: t.PipelineTask(), Parts: t.ArrayResult("parts").Value()}
}

// Pointer is a task type with pointer receivers.
type Pointer struct{ Key builder.String }

func (*Pointer) TaskName() string { return "pointer" }

func (p *Pointer) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("s").Image(image).Env("KEY", t.Param("key", p.Key))
	return t.PipelineTask()
}
