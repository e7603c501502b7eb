namespace SimplexActors.Actors.Services;

/// <summary>A service in memory; immutable.</summary>
/// <param name="Record">What is stored; null when only its connections are known.</param>
/// <param name="Members">Its connections; null for none.</param>
public sealed record ServiceState(ServiceRecord? Record, ServiceMembers? Members);
