/** The admin API of started servers, used as by curl, Prometheus and balancers. */
package flotilla.ops.admin;
