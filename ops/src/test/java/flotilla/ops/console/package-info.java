/** The console of started servers, in a browser without a screen. */
package flotilla.ops.console;
