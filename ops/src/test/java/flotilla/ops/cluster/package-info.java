/** Several servers, each a process of its own, as one cluster. */
package flotilla.ops.cluster;
