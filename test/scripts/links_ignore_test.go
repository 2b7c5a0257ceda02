package scripts

import "maps"

// ignoreLinks adds links in place of the lists of files that a builder leaves out of the
// context. buildah shows such a list if one of its lines is no pattern.
func ignoreLinks(cases map[string]linkCase, files map[string]string) {
	at := func(more map[string]string) map[string]string {
		params := map[string]string{"image": "example.com/app:1"}
		maps.Copy(params, more)
		return params
	}
	for _, list := range []string{".dockerignore", ".containerignore", "Dockerfile.dockerignore", "Dockerfile.containerignore"} {
		cases["inside: "+list] = linkCase{params: at(nil), files: files, links: map[string]string{list: "web/Dockerfile"}}
		cases["nowhere: "+list] = linkCase{params: at(nil), files: files, links: map[string]string{list: "SECRET/none"}}
		out(cases, list, "web/"+list, "/config", linkCase{
			params: at(map[string]string{"context": "web"}), files: files,
			want: "ignore file 'web/" + list + "' leads out of the source through a symbolic link",
		})
	}
	out(cases, "of another dockerfile", "web/a/prod.containerignore", "/config", linkCase{
		params: at(map[string]string{"dockerfile": "web/a/prod"}), files: files,
		want: "ignore file 'web/a/prod.containerignore' leads out of the source through a symbolic link",
	})
}
