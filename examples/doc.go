// Package examples holds runnable programs, each in a folder of its own, that show Charter inside a host.
//
// It is a module of its own: what the programs need never becomes a dependency of the library.
package examples
