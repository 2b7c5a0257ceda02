package tasks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"mvdan.cc/sh/v3/syntax" //nolint:depguard // every part of the syntax is looked at
)

// safePipelines are the parts of pipelines, other than the last, that may die: how each is
// noticed, or why it does not matter. A shell knows only how the last part ended.
var safePipelines = map[string]string{
	"changed-paths.sh {":  "the last line is a mark",
	"docker-build.sh {":   "a file says that docker has succeeded",
	"docker-build.sh sed": "the digest must be whole",
	"ko.sh sed":           "the digest must be whole",
	"http-post.sh head":   "it is only for a message",
	"image-tag.sh tr":     "an empty prefix is an error",
	"image-tag.sh sed":    "an empty prefix is an error",
	"image-tag.sh cut":    "an empty prefix is an error",
	"json.sh od":          "the last line is the size",
	"manifest-image.sh {": "the last line is a mark",
}

// TestPipelines: no part of a pipeline can die unnoticed, which would look as if it had found
// nothing. test/scripts tries it.
func TestPipelines(t *testing.T) {
	files, err := filepath.Glob("scripts/*.sh")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		script, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(string(b)), file)
		require.NoError(t, err)
		syntax.Walk(script, func(n syntax.Node) bool {
			pipe, ok := n.(*syntax.BinaryCmd)
			if !ok || pipe.Op != syntax.Pipe {
				return true
			}
			left := pipe.X
			for {
				inner, ok := left.Cmd.(*syntax.BinaryCmd)
				if !ok || inner.Op != syntax.Pipe {
					break
				}
				left = inner.Y
			}
			program := "{"
			if call, ok := left.Cmd.(*syntax.CallExpr); ok && len(call.Args) > 0 {
				program = call.Args[0].Lit()
			}
			if program == "printf" || program == "echo" { // of the shell
				return true
			}
			key := filepath.Base(file) + " " + program
			seen[key] = true
			assert.NotEmpty(t, safePipelines[key], "%s: %s is read without its exit status", left.Pos(), program)
			return true
		})
	}
	for key := range safePipelines {
		assert.True(t, seen[key], "%s is in no pipeline", key)
	}
}
