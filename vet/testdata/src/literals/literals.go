package literals

import (
	"cmp"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/builder"
)

// What the program itself sets is text.
var environments = []builder.String{"dev", "prod"}

var table = []struct {
	Name  builder.String
	Image builder.String
}{{"dev", "a"}, {Name: "prod", Image: "b"}}

type choice struct{ chosen, usual builder.TaskString }

func (c choice) image() builder.TaskString {
	if c.chosen == "" {
		return c.usual
	}
	return c.chosen
}

func good() {
	for _, env := range environments {
		if env == "prod" {
		}
	}
	for _, row := range table {
		if row.Name == "prod" || strings.HasPrefix(string(row.Image), "a") {
		}
	}
	for env, image := range map[builder.String]builder.String{"dev": "a"} {
		_ = env == "dev" || image[0] == 'a'
	}
	images := map[builder.String]builder.String{"dev": "a"}
	images["prod"] = "b"
	for _, env := range slices.Sorted(maps.Keys(images)) {
		_ = images[env] == "a"
	}
	if image, ok := images["x"]; ok && image == "a" {
	}
	env := builder.String(os.Getenv("X"))
	_ = env == "prod" || cmp.Or(env, "dev") == "dev"
	add := func(env builder.String, more string) {
		_ = env == "prod" || builder.String(more) == "x"
	}
	add("dev", "x")
	add("prod", "y")
	deploy("dev")
	deploy(env + "-1")
	c := choice{builder.TaskString(os.Args[1]), "usual"}
	_ = c.image() == c.usual
	var later builder.String
	if later == "a" {
		later = "b"
	}
	var all []builder.String
	all = append(all, "a", later)
	_ = all[0] == "a"
}

// Files and flags have text.
type config struct{ Env builder.String }

type Config struct {
	Env  builder.String `json:"env"`
	Text builder.String
}

func read(text []byte) (bool, error) {
	var c config
	var exported Config
	var env builder.String
	flag.StringVar((*string)(&env), "env", "dev", "the environment")
	_ = json.Unmarshal(text, &exported)
	_ = exported.Text == "x" // want `compares a variable`
	return env == "prod" || c.Env == "prod" || exported.Env == "x", json.Unmarshal(text, &c)
}

func deploy(env builder.String) bool { return env == "prod" }

// What comes from elsewhere can be a reference.
var mixed = []builder.String{"dev", builder.NewPipeline("p").Param("x")}

type pair struct{ name, ref builder.String }

type Exported struct{ Ref builder.String }

func bad(p *builder.Pipeline, e Exported) {
	for _, m := range mixed {
		_ = m == "dev" // want `compares a variable`
	}
	for _, x := range []pair{{"a", p.Param("a")}, {"b", "b"}} {
		_ = x.name == "a"
		_ = x.ref == "a" // want `compares a variable`
	}
	add := func(env builder.String) {
		_ = env == "prod" // want `compares a variable`
	}
	add("dev")
	add(p.Param("env"))
	run(p.Param("env"))
	run("x")
	var set builder.String
	fill(&set)
	_ = set == "x" // want `compares a variable`
	_ = Exported{"x"}
	_ = e.Ref == "x" // want `compares a variable`
	var all []builder.String
	all = append(all, e.Ref)
	_ = all[0] == "a" // want `compares a variable`
	images := map[string]builder.String{}
	images["x"] = e.Ref
	_ = images["x"] == "a" // want `compares a variable`
}

func run(env builder.String) bool { return env == "prod" } // want `compares a variable`

func fill(s *builder.String) { *s = builder.NewPipeline("p").Param("x") }

func Exposed(env builder.String) bool { return env == "prod" } // want `compares a variable`
