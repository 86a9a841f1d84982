// Package config reads the configuration of a deployment: one YAML file and the
// environment, into the options of the packages below. It names every mistake at once,
// with its place in the file.
//
// What only one provider knows stands in that provider's own struct; the list of
// providers is in providers.go, and a new one is one more line there. Nothing here
// opens a connection.
package config
