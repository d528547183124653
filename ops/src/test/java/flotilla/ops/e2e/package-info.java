/** The server from outside: a process, sockets, and what goes over them. */
package flotilla.ops.e2e;
