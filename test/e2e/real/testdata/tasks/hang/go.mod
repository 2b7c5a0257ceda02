module example.com/hang

go 1.26

require example.com/absent v1.0.0
