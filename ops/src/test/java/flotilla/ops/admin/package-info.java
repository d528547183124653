/** The admin API of started servers, as curl, Prometheus and balancers see it. */
package flotilla.ops.admin;
