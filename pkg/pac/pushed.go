package pac

import (
	"encoding/json"
	"slices"
)

// PushedFiles returns the changed files of a push that its payload has. As Pipelines-as-Code
// asks the provider only for those of the last commit, only these are returned. A renamed
// file is removed under one name and added under the other, as payloads do not tell. The files
// are not known if the payload is that of another event, or of a provider that does not list them.
func PushedFiles(payload []byte) (files ChangedFiles, known bool) {
	type commit struct {
		ID                       string   `json:"id"`
		Added, Modified, Removed []string `json:",omitempty"`
	}
	var push struct {
		Ref      string   `json:"ref"`
		Head     *commit  `json:"head_commit"`  // GitHub, Forgejo and Gitea
		Checkout string   `json:"checkout_sha"` // GitLab
		Commits  []commit `json:"commits"`
	}
	if err := json.Unmarshal(payload, &push); err != nil || push.Ref == "" {
		return files, false
	}
	head := push.Head
	if i := slices.IndexFunc(push.Commits, func(c commit) bool { return c.ID != "" && c.ID == push.Checkout }); head == nil && i >= 0 {
		head = &push.Commits[i]
	}
	if head == nil || len(head.Added)+len(head.Modified)+len(head.Removed) == 0 {
		return files, false
	}
	files = ChangedFiles{Added: head.Added, Deleted: head.Removed, Modified: head.Modified}
	files.All = slices.Concat(head.Added, head.Modified, head.Removed)
	slices.Sort(files.All)
	return files, true
}
