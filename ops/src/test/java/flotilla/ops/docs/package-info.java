@org.jspecify.annotations.NullMarked
package flotilla.ops.docs;
