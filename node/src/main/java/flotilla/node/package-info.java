@org.jspecify.annotations.NullMarked
package flotilla.node;
