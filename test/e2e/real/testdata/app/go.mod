module git.example.com/course/devops-demo

go 1.26
