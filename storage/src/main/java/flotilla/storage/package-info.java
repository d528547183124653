@org.jspecify.annotations.NullMarked
package flotilla.storage;
