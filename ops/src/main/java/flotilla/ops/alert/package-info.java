/** Alerts: rules over what all nodes read, one evaluator in the cluster, and the targets that are told. */
@NullMarked
package flotilla.ops.alert;

import org.jspecify.annotations.NullMarked;
