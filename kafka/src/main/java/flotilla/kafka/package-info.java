/** Events of a cluster as records of Kafka. */
@NullMarked
package flotilla.kafka;

import org.jspecify.annotations.NullMarked;
