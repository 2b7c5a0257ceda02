package callsite_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
)

func here() callsite.Place { return callsite.Here() }

func TestPosition(t *testing.T) {
	p := here().Position()
	assert.Regexp(t, `^internal/callsite/places_test\.go$`, p.File)
	assert.Equal(t, 16, p.Line, "the line of the call")
	assert.Equal(t, diag.Position{}, callsite.Place(nil).Position())
}

func TestPlaces(t *testing.T) {
	root, tasks, param, label := here(), here(), here(), here()
	var ps callsite.Places
	first := diag.Fields("spec", "tasks").Index(0)
	ps.Set(first, tasks)
	ps.Set(first.Field("params").Index(1), param)
	ps.Set(diag.Fields("metadata", "labels").Key("a.b"), label)
	ps.Set(diag.Fields("spec"), nil)

	for _, c := range []struct {
		path diag.Path
		want callsite.Place
	}{
		{diag.Path{}, root},
		{diag.Fields("spec"), root},
		{diag.Fields("spec", "tasks"), root},
		{first, tasks},
		{first.Field("params"), tasks},
		{first.Field("params").Index(0), tasks},
		{first.Field("params").Index(1).Field("value"), param},
		{diag.Fields("spec", "tasks").Index(1), root},
		{diag.Fields("metadata", "labels").Key("a.b"), label},
		{diag.Fields("metadata", "labels").Field("a.b"), root},
		{diag.Fields("metadata", "labels").Key("a"), root},
	} {
		assert.Equal(t, c.want.Position(), ps.Find(c.path, root), "%s", c.path)
		assert.Equal(t, c.want.Position(), ps.Locate(root)(c.path, "excerpt"), "%s", c.path)
	}

	// Mount copies places, but not that of the mounted value itself.
	var outer callsite.Places
	spec := diag.Fields("spec", "tasks").Index(3).Field("pipelineSpec")
	outer.Set(spec, label)
	outer.Mount(spec, &ps, diag.Fields("spec"))
	outer.Mount(spec, &ps, diag.Fields("status"))
	inner := spec.Field("tasks").Index(0)
	assert.Equal(t, tasks.Position(), outer.Find(inner, root))
	assert.Equal(t, label.Position(), outer.Find(spec, root))
	outer.Set(inner, root)
	assert.Equal(t, tasks.Position(), ps.Find(first, root))
}

// TestFewAndMany tests that Find returns the same with and without an index.
func TestFewAndMany(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	path := func() diag.Path {
		var p diag.Path
		for range random.IntN(4) {
			p = p.Append(diag.Segment{Name: string(rune('a' + random.IntN(2)))})
		}
		return p
	}
	places := []callsite.Place{
		here(),
		here(),
		here(),
	}
	root := here()
	for range 200 {
		var few, many callsite.Places
		for range random.IntN(6) {
			p, at := path(), places[random.IntN(len(places))]
			few.Set(p, at)
			many.Set(p, at)
		}
		for i := range 100 {
			many.Set(diag.Fields("z").Index(i), root)
		}
		for range 20 {
			p := path()
			assert.Equal(t, many.Find(p, root), few.Find(p, root), "%s", p)
		}
	}
}
