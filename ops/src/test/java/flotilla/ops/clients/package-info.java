/** Client programs that people use, against the server. */
package flotilla.ops.clients;
