package triggers_test

var githubRows = map[string]row{
	"github-ping":                      nothing,
	"github-pr-closed":                 nothing,
	"github-push-branch-delete-goscm":  nothing,
	"github-push-tag-delete-goscm":     nothing,
	"github-branch-create-goscm":       nothing, // the push of the branch counts
	"github-pr-labeled-goscm":          nothing,
	"github-pr-ready-for-review-goscm": nothing, // its commits were pushed before
	"github-push-goscm": {starts: map[string]args{"push": {
		"url": "https://github.com/Codertocat/Hello-World.git", "ssh": "git@github.com:Codertocat/Hello-World.git",
		"repository": "Codertocat/Hello-World", "before": "a10867b14bb761a232cd80139fbd4c0d33264240", "sha": "199eddf46df50de8d02e99bf1c5fdb4101338224", "short": "199eddf",
		"branch": "master", "author": "Codertocat", "message": "Update README", "files": "",
	}}},
	"github-push-new-branch": {starts: map[string]args{"push": {
		"url": "https://github.com/Codertocat/Hello-World.git", "ssh": "git@github.com:Codertocat/Hello-World.git",
		"repository": "Codertocat/Hello-World", "before": "0000000000000000000000000000000000000000", "sha": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "short": "6113728",
		"branch": "master", "author": "Codertocat", "message": "Initial commit", "files": "README.md",
	}}},
	"github-push-tag-goscm": {starts: map[string]args{"tag": {
		"url": "https://github.com/bradrydzewski/drone-test-go.git", "repository": "bradrydzewski/drone-test-go",
		"sha": "d2b75aa7797ec26b088fa2dd527e9d2c052fcedd", "name": "v0.0.1",
	}}},
	"github-pr-opened":      {starts: map[string]args{"pull-request": helloWorld}},
	"github-pr-synchronize": {starts: map[string]args{"pull-request": helloWorld}},
	"github-pr-reopened-goscm": {starts: map[string]args{"pull-request": {
		"url": "https://github.com/bradrydzewski/drone-test-go.git", "ssh": "git@github.com:bradrydzewski/drone-test-go.git",
		"repository": "bradrydzewski/drone-test-go", "base": "86378926c25f4b8310d3cc37f215eb6f25712850", "labels": "", "draft": "false", "sha": "d2b75aa7797ec26b088fa2dd527e9d2c052fcedd", "short": "d2b75aa",
		"branch": "master", "target": "bradrydzewski-patch-1", "number": "1", "author": "bradrydzewski",
		"title": "Update .drone.yml",
	}}},
	"github-merge-group-destroyed": nothing,
	"github-merge-group": {starts: map[string]args{"merge-group": {
		"url": "https://github.com/Codertocat/Hello-World.git", "ssh": "git@github.com:Codertocat/Hello-World.git",
		"repository": "Codertocat/Hello-World", "sha": "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d", "short": "2ffea6d",
		"base": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", "target": "master", "author": "Codertocat",
		"branch": "gh-readonly-queue/master/pr-2-f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
	}}},
	"github-release-published": {starts: map[string]args{"release": {
		"url": "https://github.com/Codertocat/Hello-World.git", "repository": "Codertocat/Hello-World",
		"tag": "0.0.1", "name": "0.0.1", // it has no title
	}}},
	"github-issue-comment-created": {starts: map[string]args{"comment": {
		"url": "https://github.com/Codertocat/Hello-World.git", "repository": "Codertocat/Hello-World", "number": "1",
		"text": "You are totally right! I'll get this fixed right away.", "author": "Codertocat",
	}}},
}

var helloWorld = args{
	"url": "https://github.com/Codertocat/Hello-World.git", "ssh": "git@github.com:Codertocat/Hello-World.git",
	"repository": "Codertocat/Hello-World", "base": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", "labels": "bug", "draft": "false", "sha": "ec26c3e57ca3a959ca5aad62de7213c562f8c821", "short": "ec26c3e",
	"branch": "changes", "target": "master", "number": "2", "author": "Codertocat",
	"title": "Update the README with new information.",
}
