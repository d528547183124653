@org.jspecify.annotations.NullMarked
package flotilla.ops.account;
