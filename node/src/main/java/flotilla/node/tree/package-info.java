/** The files of users: homes, permissions, quotas, and the check of the cluster's storage. */
@NullMarked
package flotilla.node.tree;

import org.jspecify.annotations.NullMarked;
