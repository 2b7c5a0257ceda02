package cli

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/printable"
)

// version returns the command version.
func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of tekwright and of Tekton's API",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return printable.Fprintf(a.Out, "%s", printable.Block(describe(debug.ReadBuildInfo()))+"\n")
		},
	}
}

// describe returns the versions of the program and of its Tekton modules.
func describe(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "tekwright (unknown version)\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "tekwright %s (%s)\n", versionOf(info), info.GoVersion)
	for _, m := range tektonModules(info) {
		fmt.Fprintf(&b, "tekton %s %s\n", m.name, m.version)
	}
	return b.String()
}

// tektonModule is a module of Tekton, such as pipeline.
type tektonModule struct{ name, version string }

// tektonModules returns the modules of Tekton that a program has.
func tektonModules(info *debug.BuildInfo) (all []tektonModule) {
	for _, m := range info.Deps {
		if name, tekton := strings.CutPrefix(m.Path, "github.com/tektoncd/"); tekton {
			all = append(all, tektonModule{name, m.Version})
		}
	}
	return all
}

// versionOf returns the version of the module, or the commit it was built from.
func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := settings["vcs.revision"]
	switch {
	case commit == "":
		return "(devel)"
	case settings["vcs.modified"] == "true":
		return commit + " (modified)"
	}
	return commit
}

// version returns the version of this program, "" if it is not known.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return ""
}
