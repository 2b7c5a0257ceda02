package compare

import (
	"fmt"
	"strings"

	"github.com/tekwright/tekwright/pkg/builder"
)

func Image(name builder.String) builder.String { return "registry.local/" + name }

// A test may look at a text.
func test(a, b builder.String, w, v builder.Workspace) bool {
	if got := Image("app"); got != "registry.local/app" {
		fmt.Printf("got %q\n", got)
	}
	a.In("main")              // want `the result of a.In is not used`
	_ = builder.TaskString(a) // want `uses a variable of the pipeline in a task`
	return a == b && w == v && strings.HasPrefix(string(a), "registry")
}
