@org.jspecify.annotations.NullMarked
package flotilla.cluster;
