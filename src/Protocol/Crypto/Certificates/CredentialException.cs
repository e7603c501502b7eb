namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>A router's credential files cannot be used. The message is one line for the operator, without secrets.</summary>
public sealed class CredentialException(string message, Exception? cause = null) : Exception(message, cause);
