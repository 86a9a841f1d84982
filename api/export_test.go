package api

import (
	"maps"
	"slices"
)

// Route is a row of the router's table, for tests from outside.
type Route struct {
	Method, Path string
	Role         Role
}

// Routes is the router's table.
func Routes() (list []Route) {
	for _, rt := range routes {
		list = append(list, Route{rt.method, rt.path, rt.role})
	}
	return list
}

// Operations are the names under which the routes are described.
func Operations() []string { return slices.Collect(maps.Keys(operations)) }
