package callsite

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestFileOf tests the names of files for programs that are built in different ways.
func TestFileOf(t *testing.T) {
	defer func(b func() building) { build = b }(build)
	app := building{program: "example.com/app/ci", module: "example.com/app"}
	for _, c := range []struct {
		built          building
		function, file string
		want           string
	}{
		{app, "main.main", "/home/me/app/ci/main.go", "ci/main.go"},
		{app, "main.main.func1", "example.com/app/ci/main.go", "ci/main.go"}, // -trimpath
		{app, "main.(*T).Define", `C:/Users/me/app/ci/tasks.go`, "ci/tasks.go"},
		{building{"example.com/app", "example.com/app"}, "main.main", "/app/main.go", "main.go"},
		{app, "example.com/app/internal/v1%2e2.Task.Define", "/x/internal/v1.2/task.go", "internal/v1.2/task.go"},
		{app, "example.com/app/ci.TestX", "/x/ci/main_test.go", "ci/main_test.go"},
		{app, "example.com/app/lib_test.TestX", "/x/lib/lib_test.go", "lib/lib_test.go"},
		{app, "example.com/app/lib_test.X", "/x/lib_test/lib.go", "lib_test/lib.go"},
		{app, "example.com/apple/lib.F[...]", "/go/pkg/mod/example.com/apple@v1.0.0/lib/f.go", "example.com/apple/lib/f.go"},
		{app, "strings.Repeat", "/usr/local/go/src/strings/strings.go", "strings/strings.go"},
		{building{program: adHoc}, "main.main", "/home/me/main.go", "main.go"}, // go run main.go
		{building{}, "main.main", "/home/me/main.go", "main.go"},               // another build system
		{building{}, "example.com/app/lib.F", "/home/me/lib/f.go", "example.com/app/lib/f.go"},
		{app, "nothing", "/home/me/f.go", "f.go"},
	} {
		build = func() building { return c.built }
		assert.Equal(t, c.want, fileOf(runtime.Frame{Function: c.function, File: c.file}), "%s in %s", c.function, c.file)
	}
}
