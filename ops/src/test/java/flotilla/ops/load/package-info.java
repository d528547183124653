/**
 * Bad input and load: floods, cut connections and garbage, against a started server that must be as before afterwards.
 */
package flotilla.ops.load;
