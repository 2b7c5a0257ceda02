// Package config reads the configurations of a repository: files with the name
// .tekwright.yaml, which say which rules apply to which files, which files are left out,
// and what the cluster is like.
//
// Read what the configurations do not leave out:
//
//	finder := &config.Finder{}
//	loaded, err := manifest.Load(ctx, []string{"."}, manifest.LoadOptions{Excluded: finder.Excludes})
//	if err != nil {
//		return nil, err // such as a mistake in a configuration
//	}
//
// Check it, each file with its own configuration:
//
//	findings, err := check.RunLoaded(ctx, loaded.Objects, loaded.Findings, finder.Profile(check.Profile{}, nil))
//
// Get the configuration of a file:
//
//	c, err := finder.Of("tekton/build.yaml") // the nearest one; nil if there is none
//
// # Fields
//
// A configuration has the fields of a profile, as [check.ReadProfile] reads them, and
// three more:
//
//	profile: ci/cluster.yaml            # a file with the fields of a profile
//	exclude: [charts, testdata]         # patterns of files and folders to leave out
//	overrides:                          # rules for some of the files; later ones win
//	  - paths: [samples/**]
//	    persona: regular
//	    severities: {image-floating: off}
//
// The only field of a profile that it does not have is maxFindings, a limit of one
// check. Unknown fields, codes and values are errors, all of which are reported at once,
// each with its line and column.
//
// # Which one counts
//
// The configuration of a file is the nearest one: that in its own folder, or else in the
// folder above, and so on. The search ends at the root of the git repository, the folder
// that contains .git, or else at the root of the file system. Configurations are not merged:
// to share settings, let several of them refer to the same file in the field profile. A
// symbolic link belongs to the folder that it is in, not to that of its target.
//
// Paths and patterns are relative to the folder of the configuration.
package config
